/**
 * Text: the grammars of ONNX's textual syntax and of the rule language, with their errors and
 * limits. It may know ANTLR and the JDK, and no graph, operator or tensor. Start reading at {@link
 * dev.fixpoint.grammar.OnnxTextParsing} and {@link dev.fixpoint.grammar.RuleLanguageParsing}; the
 * road of a text is {@link dev.fixpoint.grammar.SourceText}, tokens with literal lists, parse tree.
 *
 * <p>The parser classes are generated: a getter of theirs returns null where the text has no such
 * part, although it is not marked so.
 */
@NullMarked
package dev.fixpoint.grammar;

import org.jspecify.annotations.NullMarked;
