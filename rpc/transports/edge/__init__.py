"""Where connections come in: how large, how slow and how many they may be, before any wire reads them."""
