"""The wall (大屏): pictures prebuilt as HTML and inline SVG, one component that shows them and keeps them alive."""
