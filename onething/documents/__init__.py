"""What citizens take with them: the filled form, the receipt's content, the guide's flow chart."""
