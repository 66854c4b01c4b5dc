"""Where things lie on a sheet of paper: millimetres, x to the right, y down, from the top left corner."""
