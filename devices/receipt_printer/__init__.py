"""The receipt printer: the slip, its layout, the ESC/POS driver, and a printer made of paper and pixels."""
