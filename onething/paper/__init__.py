"""Takes in pages people scan or upload: judged by content, decoded in a confined process, re-encoded, cleaned."""
