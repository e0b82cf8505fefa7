"""What every page has around it: the server, the frame, header and theme."""
