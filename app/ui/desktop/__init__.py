"""The program among others: one instance, tray, languages, appearance."""
