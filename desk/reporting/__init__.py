"""Reporting: the facts of an issue, briefings (简报), the ledger (台账), pictures and templates."""
