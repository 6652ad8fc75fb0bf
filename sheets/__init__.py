"""Reading and writing of tables: spreadsheets, pasted tables, heads, cells. A leaf: knows no app."""
