"""What is loaded into other people's test runners; it is copied beside the reports of each run."""
