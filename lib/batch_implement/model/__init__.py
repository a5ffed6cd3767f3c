"""What a batch is: shapes and transitions, pure and known to everybody."""
