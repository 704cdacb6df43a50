"""The courier: parcels with results, ordered once and followed until they have arrived."""
