"""Other makers of PDF files, each as its users would write this page; they run in an environment of their own."""
