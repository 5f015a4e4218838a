"""Who may speak: origins, hosts, rates."""
