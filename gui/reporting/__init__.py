"""简报 and 统计: their pages, the panels of an issue, printing, 图解."""
