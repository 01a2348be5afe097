"""总览 and 设置, signing in, hand-over, reminders, backups."""
