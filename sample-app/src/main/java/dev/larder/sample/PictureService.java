package dev.larder.sample;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;

/** Draws how much words look like each other. Thread-safe. */
@Service
class PictureService {

    /** 2,000 words make 4 million pixels; more would not fit on a screen. */
    private static final int MOST_WORDS = 2_000;

    private static final int WHITE = 255;

    private static final int STEP = 16;

    private final WordList words;

    PictureService(WordList words) {
        this.words = words;
    }

    /**
     * A square with one pixel for each pair of the words that start with the given letters: the more the two differ, the
     * darker it is.
     *
     * <p>With {@code sync}, also who asks first gets the file that the cache keeps.
     *
     * @return an image in PNG format
     */
    @Cacheable(cacheNames = "pictures", sync = true)
    public Resource draw(String prefix) {
        List<String> shown =
                words.startingWith(prefix).stream().limit(MOST_WORDS).toList();
        int side = Math.max(1, shown.size());
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = image.getRaster();
        for (int x = 0; x < shown.size(); x++) {
            for (int y = 0; y <= x; y++) {
                int shade = Math.max(0, WHITE - STEP * EditDistance.between(shown.get(x), shown.get(y)));
                raster.setSample(x, y, 0, shade);
                raster.setSample(y, x, 0, shade);
            }
        }
        return new ByteArrayResource(png(image));
    }

    /** Forgets one picture. */
    @CacheEvict("pictures")
    public void forget(String prefix) {
        // The annotation does the work.
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
