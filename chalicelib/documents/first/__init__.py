"""The templates member-1 and qualification-1 as they were first issued. Nothing here changes any more: what was issued

with them is drawn with them again. A new design is a new template, made of the modules one floor up.
"""
