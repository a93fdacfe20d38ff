/** Texts: the grammars of ONNX text and of the rule language, and what reading them takes. */
module dev.fixpoint.grammar {
  requires transitive org.antlr.antlr4.runtime;
  requires static transitive org.jspecify;

  exports dev.fixpoint.grammar;
}
