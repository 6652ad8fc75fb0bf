"""«Кому позвонить»: organizations that are overdue, whom one calls there, and letters about them.

``overdue`` counts (a fixed number of queries a page), ``documents`` lays the list out for Excel and the
letters for Word.
"""
