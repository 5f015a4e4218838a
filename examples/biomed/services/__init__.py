"""What is asked over the network or read from the disk: PubMed, ClinicalTrials.gov and documents."""
