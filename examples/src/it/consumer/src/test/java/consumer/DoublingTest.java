package consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class DoublingTest {
  @Test
  void graphRunsThroughTheInstalledLibrary() {
    assertArrayEquals(new float[] {2, -4}, Doubling.of(1, -2));
  }
}
