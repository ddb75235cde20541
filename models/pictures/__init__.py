"""What looks: networks that read a film's frames."""
