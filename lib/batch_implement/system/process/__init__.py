"""Other programs: started, ended with all they began, recognised."""
