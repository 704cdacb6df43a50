"""Filing for a citizen who sits at a window: the same one form, typed by a clerk."""

from staff_console.filing import form, helping, papers, rating, sitting

room = sitting.room
# Imported for the pages they add to the room.
_PAGES = (form, helping, papers, rating)
