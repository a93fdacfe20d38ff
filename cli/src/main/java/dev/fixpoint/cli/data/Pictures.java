package dev.fixpoint.cli.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** PNG and JPEG files as pictures in memory. */
public final class Pictures {
  private static final long MOST_PIXELS = 100_000_000;

  private Pictures() {}

  /**
   * Reads a picture.
   *
   * @throws DataException if it is none, or too large
   * @throws IOException if it cannot be read
   */
  public static BufferedImage read(Path file) throws IOException {
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw DataException.in(file, "this is no PNG or JPEG picture; remove it from the folder");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw DataException.in(file, "the picture has " + pixels + " pixels; make it smaller");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    }
  }
}
