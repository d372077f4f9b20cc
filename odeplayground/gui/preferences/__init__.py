"""What a person may choose about the program: declared once, shown in a sheet, put into effect at once."""
