package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void quotesAndBackslashesAreEscaped() {
    assertThat(Spelling.quoted("")).isEqualTo("\"\"");
    assertThat(Spelling.quoted("a \"b\" \\ c\nd")).isEqualTo("\"a \\\"b\\\" \\\\ c\nd\"");
  }

  @Test
  void identifiersAreLettersDigitsAndUnderscoresWithoutADigitFirst() {
    assertThat(Spelling.isIdentifier("_a9")).isTrue();
    assertThat(Spelling.isIdentifier("float")).isTrue();
    assertThat(Spelling.isIdentifier("")).isFalse();
    assertThat(Spelling.isIdentifier("9a")).isFalse();
    assertThat(Spelling.isIdentifier("a.b")).isFalse();
    assertThat(Spelling.isIdentifier("größe")).isFalse();
  }

  @Test
  void whatIsShownIsShortAndVisible() {
    assertThat(Spelling.shown("a b")).isEqualTo("'a b'");
    assertThat(Spelling.shown("\t\u0000\u00A0\u202E\uD83C"))
        .isEqualTo("'\\u0009\\u0000\\u00A0\\u202E\\uD83C'");
    assertThat(Spelling.shown("x".repeat(41))).isEqualTo("'" + "x".repeat(40) + "…'");
    assertThat(Spelling.shown("x".repeat(39) + "🎉")).isEqualTo("'" + "x".repeat(39) + "…'");
  }
}
