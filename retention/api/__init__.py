"""What a hospital's own system asks of keeping and erasing."""
