"""The phone's pages (H5) under /m: each module is a room, its pages and acts, over the same services."""
