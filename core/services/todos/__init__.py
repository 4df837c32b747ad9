"""What waits for the reader (待办): one list over matters, rectifications, nodes, reports and decisions."""

from core.services.todos.reading import PAGE_SIZE, TodoPage, asked_for, count, page_of

__all__ = ["PAGE_SIZE", "TodoPage", "asked_for", "count", "page_of"]
