"""The language server: what an editor shows of a policy folder while somebody writes in it."""
