"""Where an annotation comes from, as its `origin` says."""

#: A coder's, from Label Studio.
STUDIO = "studio"
#: The decision of an adjudicator, which is no independent coding.
ADJUDICATION = "adjudication"
