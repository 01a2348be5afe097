"""The window: Qt only; asks desk/ and shows."""
