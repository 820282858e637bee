"""The evaluation of one application: evaluators, declarations, scores. Its id follows from the pilot action's."""
