"""话题 and 重大事件: their pages, curves and bars."""
