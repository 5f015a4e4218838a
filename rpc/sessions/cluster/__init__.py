"""What a node of a cluster does beside one that is alone: it takes jobs, tells and hears, and looks after those that died."""
