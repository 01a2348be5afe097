"""The office itself: its particulars and people, shifts, reminders, backups, drills."""
