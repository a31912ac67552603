"""What will be asked, in which form and in which parts: settled before anything is sent."""
