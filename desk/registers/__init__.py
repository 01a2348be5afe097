"""The desk's room of the registers (政务公开台账)."""
