"""信源 and 信息: what is listened to and what was heard, with their dialogs, and the collector's process."""
