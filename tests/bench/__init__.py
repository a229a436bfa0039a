"""What wgbot takes and keeps: measured, as ratios within one run. `make bench` prints the table."""
