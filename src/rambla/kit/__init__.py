"""What knows no domain: the database, the web's plumbing, time, money, logs."""
