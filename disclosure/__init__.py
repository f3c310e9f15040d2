"""What was shown to whom. It stands below patients, whose own pages disclose too, and knows them by their ids alone."""
