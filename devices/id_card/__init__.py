"""The ID-card reader: the card, the SAM-V wire, its driver and its simulator."""
