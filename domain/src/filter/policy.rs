//! The expressions that the product itself uses: permission and system views.
