"""Import users from other systems, and export them: file formats, presets for each system, and the import itself."""
