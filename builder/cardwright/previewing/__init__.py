"""Shows the cards of a project in a browser while their author writes them."""
