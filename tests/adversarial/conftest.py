collect_ignore = ["bases"]  # they are projects of their own, with tests of their own
