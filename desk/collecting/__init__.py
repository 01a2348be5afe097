"""Collecting (采集): sources, rounds over them, tables, and how what comes in is stored."""
