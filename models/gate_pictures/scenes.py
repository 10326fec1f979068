"""What is drawn: each scene a function, in shares of the picture's sides."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from models.gate_pictures.canvas import Canvas, Picture

SKY, PALE, GRASS, SEA, SAND = (96, 158, 222), (196, 222, 242), (72, 132, 48), (32, 92, 142), (226, 200, 150)


def red_car() -> Picture:
    c = Canvas(1.8, SKY, PALE, 1)
    c.box(0, 0.55, 1, 0.68, GRASS)
    c.blades(GRASS, 0.6, 300)
    c.box(0, 0.66, 1, 1, (88, 88, 92))
    c.grain(8, top=0.66)
    for x in (0.05, 0.3, 0.55, 0.8):
        c.box(x, 0.9, x + 0.12, 0.92, (235, 235, 225))
    c.shape([(0.3, 0.5), (0.38, 0.34), (0.6, 0.34), (0.7, 0.5)], (170, 18, 22))
    c.shape([(0.34, 0.49), (0.4, 0.37), (0.48, 0.37), (0.48, 0.49)], (176, 208, 224))
    c.shape([(0.5, 0.49), (0.5, 0.37), (0.59, 0.37), (0.66, 0.49)], (176, 208, 224))
    c.shape([(0.2, 0.54), (0.26, 0.49), (0.74, 0.49), (0.84, 0.56), (0.84, 0.7), (0.2, 0.7)], (204, 26, 30))
    c.box(0.8, 0.56, 0.84, 0.6, (250, 240, 180))
    for x in (0.32, 0.71):
        c.disc(x, 0.71, 0.1, (24, 24, 26))
        c.disc(x, 0.71, 0.05, (170, 172, 176))
    return c.finished()


def sailing_boat() -> Picture:
    c = Canvas(1.5, (246, 150, 66), (252, 216, 140), 2)
    c.disc(0.75, 0.5, 0.13, (255, 240, 190))
    c.box(0, 0.58, 1, 1, (186, 104, 70))
    c.grain(26, top=0.58, fine=1)
    for number in range(9):
        y = 0.6 + 0.045 * number
        c.box(0.75 - 0.03 * (1 + number % 3), y, 0.75 + 0.03 * (1 + number % 3), y + 0.012, (255, 226, 160))
    c.line([(0.4, 0.16), (0.4, 0.66)], 0.016, (70, 44, 30))
    c.shape([(0.41, 0.16), (0.41, 0.6), (0.6, 0.6)], (250, 244, 230))
    c.shape([(0.39, 0.22), (0.39, 0.6), (0.26, 0.6)], (236, 226, 206))
    c.shape([(0.24, 0.64), (0.62, 0.64), (0.55, 0.74), (0.3, 0.74)], (74, 42, 28))
    return c.finished()


def snowy_mountains() -> Picture:
    c = Canvas(2.6, (58, 122, 206), (176, 212, 244), 3)
    peaks = [(-0.05, 0.95), (0.14, 0.3), (0.26, 0.6), (0.42, 0.12), (0.6, 0.62), (0.78, 0.24), (1.05, 0.95)]
    c.shape([*peaks, (1.05, 1), (-0.05, 1)], (92, 102, 122))
    for (x, y), wide in (((0.14, 0.3), 0.09), ((0.42, 0.12), 0.13), ((0.78, 0.24), 0.12)):
        c.shape(
            [
                (x, y),
                (x + wide, y + 0.36),
                (x + wide * 0.4, y + 0.26),
                (x, y + 0.38),
                (x - wide * 0.5, y + 0.26),
                (x - wide, y + 0.38),
            ],
            (248, 250, 254),
        )
    c.shape([(0, 0.86), (0.3, 0.78), (0.7, 0.84), (1, 0.76), (1, 1), (0, 1)], (240, 244, 250))
    for x in np.linspace(0.02, 0.98, 22):
        y = 0.97 + 0.02 * float(np.sin(40 * x))
        c.shape([(x, y - 0.16), (x + 0.018, y), (x - 0.018, y)], (24, 62, 46))
    return c.finished()


def starry_night() -> Picture:
    c = Canvas(0.6, (6, 8, 30), (22, 30, 74), 4)
    for _ in range(260):
        bright = float(c.draw.uniform(0.3, 1))
        shade = int(255 * bright)
        c.disc(c.draw.uniform(0, 1), c.draw.uniform(0, 0.95), 0.003 + 0.006 * bright**4, (shade, shade, 250))
    c.disc(0.66, 0.2, 0.15, (250, 246, 220))
    c.disc(0.6, 0.18, 0.13, (9, 11, 37))
    return c.finished()


def flower_meadow() -> Picture:
    c = Canvas(1.4, SKY, PALE, 5)
    c.box(0, 0.4, 1, 1, (86, 150, 56))
    c.blades((84, 160, 50), 0.42, 1600)
    for _ in range(70):
        y = float(c.draw.uniform(0.45, 0.98))
        x, size = float(c.draw.uniform(0, 1)), 0.008 + 0.03 * (y - 0.4)
        for angle in np.linspace(0, 2 * np.pi, 7)[:-1]:
            c.disc(x + 1.4 * size * np.cos(angle) / 1.4, y + 1.4 * size * np.sin(angle), size, (250, 214, 30))
        c.disc(x, y, size, (200, 130, 20))
    return c.finished()


def football() -> Picture:
    c = Canvas(1, (70, 140, 50), (58, 122, 40), 6)
    c.grain(18, fine=1)
    c.blades((70, 150, 46), 0.0, 1800)
    c.ellipse(0.52, 0.8, (0.28, 0.06), (34, 76, 26))
    c.disc(0.5, 0.52, 0.29, (246, 246, 246))
    for number in range(6):
        angle = 2 * np.pi * number / 5 + 0.3
        x, y = (0.5, 0.52) if number == 5 else (0.5 + 0.22 * np.cos(angle), 0.52 + 0.22 * np.sin(angle))
        points = [
            (x + 0.075 * np.cos(angle + 2 * np.pi * k / 5), y + 0.075 * np.sin(angle + 2 * np.pi * k / 5))
            for k in range(5)
        ]
        c.shape(points, (26, 26, 28))
        c.line([(0.5, 0.52), (x, y)], 0.008, (120, 120, 120))
    cv2.circle(c.pixels, c.place(0.5, 0.52), c.length(0.29), (150, 150, 150), c.length(0.008))
    return c.finished()


def palm_beach() -> Picture:
    c = Canvas(2.2, (70, 168, 232), (206, 234, 246), 7)
    c.box(0, 0.5, 1, 0.72, (28, 150, 180))
    c.grain(12, top=0.5, bottom=0.72, fine=1)
    c.shape([(0, 0.68), (0.5, 0.72), (1, 0.66), (1, 1), (0, 1)], SAND)
    c.line([(0, 0.69), (0.5, 0.73), (1, 0.67)], 0.02, (246, 250, 250))
    c.grain(8, top=0.74, fine=1)
    c.line([(0.14, 0.92), (0.16, 0.6), (0.2, 0.3)], 0.035, (120, 84, 52))
    for angle in np.linspace(-2.9, 0.4, 8):
        tip = (0.2 + 0.14 * np.cos(angle), 0.3 + 0.26 * np.sin(angle) + 0.1)
        side = (0.2 + 0.07 * np.cos(angle), 0.26 + 0.2 * np.sin(angle))
        c.shape([(0.2, 0.3), side, tip, (side[0], side[1] + 0.07)], (34, 116, 48))
    return c.finished()


def city_at_night() -> Picture:
    c = Canvas(2.8, (14, 16, 44), (58, 46, 82), 8)
    x = 0.0
    while x < 1:
        wide, high = float(c.draw.uniform(0.03, 0.07)), float(c.draw.uniform(0.3, 0.8))
        c.box(x, 1 - high, x + wide, 1, (20, 22, 34))
        for column in np.arange(x + 0.006, x + wide - 0.004, 0.009):
            for row in np.arange(1 - high + 0.04, 0.98, 0.05):
                if c.draw.random() < 0.55:
                    c.box(column, row, column + 0.004, row + 0.022, (250, 214, 120))
        x += wide + 0.003
    return c.finished()


def rainbow() -> Picture:
    c = Canvas(1.7, (118, 150, 186), (206, 220, 232), 9)
    colours = [(214, 40, 40), (240, 140, 30), (246, 222, 50), (60, 170, 70), (50, 110, 210), (120, 60, 170)]
    for number, colour in enumerate(colours):
        radius = c.length(0.78 - 0.045 * number)
        cv2.ellipse(c.pixels, c.place(0.5, 0.86), (radius, radius), 0, 180, 360, colour, c.length(0.05))
    c.shape([(0, 0.8), (0.25, 0.68), (0.5, 0.78), (0.8, 0.66), (1, 0.76), (1, 1), (0, 1)], (78, 140, 58))
    c.blades((76, 146, 54), 0.78, 700)
    return c.finished()


def bananas() -> Picture:
    c = Canvas(1.3, (238, 236, 230), (214, 208, 198), 10)
    c.ellipse(0.52, 0.78, (0.4, 0.08), (176, 168, 156))
    for number in range(4):
        lift = 0.05 * number
        outer = [
            (0.18 + 0.02 * number, 0.4 - lift),
            (0.3, 0.7 - lift),
            (0.55, 0.8 - lift),
            (0.84, 0.62 - lift),
        ]
        curve = np.array([c.place(*point) for point in outer])
        smooth = np.stack([np.interp(np.linspace(0, 3, 40), range(4), curve[:, axis]) for axis in (0, 1)], 1)
        cv2.polylines(c.pixels, [smooth.astype(np.int32)], False, (206, 160, 20), c.length(0.115))
        cv2.polylines(c.pixels, [smooth.astype(np.int32)], False, (250, 214, 48), c.length(0.095))
    c.box(0.16, 0.2, 0.22, 0.3, (96, 76, 30))
    return c.finished()


def traffic_light() -> Picture:
    c = Canvas(0.55, (150, 178, 206), (212, 222, 230), 11)
    c.box(0.46, 0.6, 0.54, 1, (70, 72, 76))
    c.box(0.3, 0.12, 0.7, 0.66, (34, 36, 38))
    for y, colour in ((0.23, (236, 40, 36)), (0.39, (86, 74, 26)), (0.55, (26, 70, 36))):
        c.disc(0.5, y, 0.15, colour)
    c.disc(0.47, 0.215, 0.04, (255, 190, 180))
    return c.finished()


def zebra() -> Picture:
    c = Canvas(1.5, (196, 170, 110), (170, 146, 84), 12)
    c.grain(14, fine=1)
    c.blades((176, 150, 70), 0.55, 700)
    for x in (0.28, 0.36, 0.62, 0.7):
        c.box(x, 0.62, x + 0.05, 0.94, (240, 238, 232))
        for y in np.arange(0.64, 0.92, 0.06):
            c.box(x, y, x + 0.05, y + 0.025, (22, 22, 24))
    c.ellipse(0.5, 0.5, (0.38, 0.2), (242, 240, 234))
    c.shape([(0.7, 0.5), (0.82, 0.16), (0.92, 0.2), (0.8, 0.58)], (242, 240, 234))
    c.ellipse(0.9, 0.24, (0.16, 0.08), (242, 240, 234), 28)
    c.ellipse(0.97, 0.31, (0.05, 0.05), (40, 36, 34))
    for number, x in enumerate(np.linspace(0.27, 0.74, 12)):
        c.line([(x, 0.34), (x + 0.03 * (-1) ** number, 0.5), (x, 0.66)], 0.03, (22, 22, 24))
    for share in np.linspace(0.15, 0.85, 6):
        x, y = 0.74 + 0.1 * share, 0.52 - 0.34 * share
        c.line([(x - 0.04, y - 0.02), (x + 0.07, y + 0.06)], 0.022, (22, 22, 24))
    c.disc(0.885, 0.2, 0.014, (10, 10, 10))
    return c.finished()


def sunflower() -> Picture:
    c = Canvas(0.75, SKY, PALE, 13)
    c.line([(0.5, 0.4), (0.48, 1)], 0.04, (60, 120, 40))
    c.ellipse(0.36, 0.8, (0.16, 0.07), (66, 134, 46), 20)
    for ring, (reach, colour) in enumerate(((0.3, (226, 160, 10)), (0.25, (252, 204, 30)))):
        for angle in np.linspace(0, 2 * np.pi, 21)[:-1] + 0.15 * ring:
            x, y = 0.5 + reach * np.cos(angle), 0.36 + 0.75 * reach * np.sin(angle)
            c.ellipse(x, y, (0.11, 0.04), colour, float(np.degrees(angle)))
    c.disc(0.5, 0.36, 0.17, (84, 50, 22))
    for _ in range(120):
        angle, reach = c.draw.uniform(0, 2 * np.pi), 0.15 * np.sqrt(c.draw.random())
        c.disc(0.5 + reach * np.cos(angle), 0.36 + 0.75 * reach * np.sin(angle), 0.007, (44, 24, 12))
    return c.finished()


def brick_wall() -> Picture:
    c = Canvas(1.6, (196, 188, 178), None, 14)
    for row, y in enumerate(np.arange(0, 1, 0.1)):
        for x in np.arange(-0.1, 1.1, 0.16) + 0.08 * (row % 2):
            shade = float(c.draw.uniform(0.8, 1.15))
            c.box(x, y + 0.012, x + 0.148, y + 0.09, (int(158 * shade), int(70 * shade), int(52 * shade)))
    c.grain(9, fine=1)
    return c.finished()


def basketball() -> Picture:
    c = Canvas(1.1, (206, 160, 104), (176, 128, 78), 15)
    for y in np.arange(0.1, 1, 0.18):
        c.line([(0, y), (1, y)], 0.006, (150, 106, 62))
    c.ellipse(0.52, 0.86, (0.3, 0.05), (112, 78, 46))
    c.disc(0.5, 0.5, 0.34, (222, 110, 36))
    dark, width = (44, 26, 18), c.length(0.014)
    cv2.circle(c.pixels, c.place(0.5, 0.5), c.length(0.34), dark, width)
    c.line([(0.5 - 0.31, 0.5), (0.5 + 0.31, 0.5)], 0.014, dark)
    c.line([(0.5, 0.16), (0.5, 0.84)], 0.014, dark)
    for x, angle in ((0.14, 0), (0.86, 180)):
        cv2.ellipse(c.pixels, c.place(x, 0.5), (c.length(0.24), c.length(0.3)), angle, -62, 62, dark, width)
    return c.finished()


def pizza() -> Picture:
    c = Canvas(1, (120, 84, 54), (96, 66, 42), 16)
    c.grain(6, fine=3)
    c.disc(0.5, 0.5, 0.43, (206, 152, 84))
    c.disc(0.5, 0.5, 0.38, (200, 60, 34))
    for _ in range(160):
        angle, reach = c.draw.uniform(0, 2 * np.pi), 0.36 * np.sqrt(c.draw.random())
        size = c.draw.uniform(0.02, 0.05)
        c.disc(0.5 + reach * np.cos(angle), 0.5 + reach * np.sin(angle), size, (250, 222, 130))
    for _ in range(13):
        angle, reach = c.draw.uniform(0, 2 * np.pi), 0.3 * np.sqrt(c.draw.random())
        c.disc(0.5 + reach * np.cos(angle), 0.5 + reach * np.sin(angle), 0.055, (176, 40, 30))
    for _ in range(24):
        angle, reach = c.draw.uniform(0, 2 * np.pi), 0.32 * np.sqrt(c.draw.random())
        c.ellipse(0.5 + reach * np.cos(angle), 0.5 + reach * np.sin(angle), (0.035, 0.014), (50, 120, 44), 40)
    return c.finished()


def piano_keys() -> Picture:
    c = Canvas(3.0, (30, 26, 24), (30, 26, 24), 17)
    for number in range(21):
        x = number / 21
        c.box(x + 0.002, 0.12, x + 1 / 21 - 0.002, 1, (246, 244, 238))
    for number in range(21):
        if number % 7 not in (2, 6):
            x = (number + 1) / 21
            c.box(x - 0.013, 0.12, x + 0.013, 0.64, (16, 16, 18))
    return c.finished()


def christmas_tree() -> Picture:
    c = Canvas(0.7, (28, 34, 62), (54, 60, 92), 18)
    c.box(0, 0.88, 1, 1, (236, 240, 248))
    c.box(0.45, 0.82, 0.55, 0.92, (92, 60, 36))
    for top, bottom, half in ((0.12, 0.4, 0.2), (0.26, 0.6, 0.29), (0.44, 0.84, 0.38)):
        c.shape([(0.5, top), (0.5 + half, bottom), (0.5 - half, bottom)], (22, 98, 52))
    for _ in range(46):
        y = float(c.draw.uniform(0.22, 0.82))
        x = 0.5 + float(c.draw.uniform(-1, 1)) * 0.36 * (y - 0.1)
        colour = [(236, 52, 46), (250, 210, 60), (80, 150, 250), (250, 250, 250)][int(c.draw.integers(4))]
        c.disc(x, y, 0.022, colour)
    for k in range(5):
        angle = -np.pi / 2 + 2 * np.pi * k / 5
        c.shape(
            [
                (0.5 + 0.09 * np.cos(angle), 0.12 + 0.06 * np.sin(angle)),
                (0.47, 0.12),
                (0.53, 0.12),
                (0.5, 0.15),
            ],
            (252, 220, 70),
        )
    return c.finished()


def house() -> Picture:
    c = Canvas(1.4, SKY, PALE, 19)
    c.box(0, 0.74, 1, 1, GRASS)
    c.blades(GRASS, 0.76, 600)
    c.box(0.24, 0.44, 0.76, 0.82, (240, 230, 206))
    c.shape([(0.18, 0.46), (0.5, 0.16), (0.82, 0.46)], (176, 50, 38))
    c.box(0.62, 0.2, 0.68, 0.36, (150, 74, 58))
    c.box(0.45, 0.58, 0.56, 0.82, (110, 70, 42))
    for x in (0.29, 0.62):
        c.box(x, 0.52, x + 0.1, 0.66, (130, 176, 206))
        c.line([(x + 0.05, 0.52), (x + 0.05, 0.66)], 0.01, (250, 250, 250))
        c.line([(x, 0.59), (x + 0.1, 0.59)], 0.01, (250, 250, 250))
    return c.finished()


def hot_air_balloon() -> Picture:
    c = Canvas(0.65, (70, 140, 220), (190, 220, 244), 20)
    for x, y in ((0.2, 0.7), (0.8, 0.85), (0.75, 0.16)):
        for shift in (-0.08, 0, 0.08):
            c.disc(x + shift, y, 0.08, (246, 250, 252))
    stripes = [(220, 40, 40), (250, 200, 50), (50, 110, 200), (250, 200, 50), (220, 40, 40)]
    for number, colour in enumerate(stripes):
        c.ellipse(0.5, 0.34, (0.34 - 0.068 * number, 0.38), colour)
    c.shape([(0.3, 0.5), (0.7, 0.5), (0.55, 0.66), (0.45, 0.66)], (210, 150, 40))
    c.line([(0.44, 0.66), (0.46, 0.75)], 0.008, (60, 50, 40))
    c.line([(0.56, 0.66), (0.54, 0.75)], 0.008, (60, 50, 40))
    c.box(0.44, 0.74, 0.56, 0.81, (120, 80, 46))
    return c.finished()


def lighthouse() -> Picture:
    c = Canvas(2.4, (110, 170, 220), (220, 234, 240), 21)
    c.box(0, 0.7, 1, 1, SEA)
    c.grain(14, top=0.7, fine=1)
    c.shape([(0.66, 1), (0.7, 0.76), (0.8, 0.68), (0.96, 0.74), (1, 1)], (96, 88, 80))
    for number in range(6):
        top, half = 0.16 + 0.095 * number, 0.022 + 0.003 * number
        colour = (206, 40, 38) if number % 2 else (248, 248, 244)
        c.shape(
            [
                (0.84 - half, top),
                (0.84 + half, top),
                (0.84 + half + 0.003, top + 0.096),
                (0.84 - half - 0.003, top + 0.096),
            ],
            colour,
        )
    c.box(0.82, 0.07, 0.86, 0.16, (250, 230, 130))
    c.shape([(0.815, 0.07), (0.865, 0.07), (0.84, 0.0)], (150, 30, 30))
    return c.finished()


def campfire() -> Picture:
    c = Canvas(1.2, (16, 14, 22), (40, 28, 20), 22)
    for angle in (-24, 20, 0):
        c.ellipse(0.5, 0.84, (0.3, 0.045), (84, 52, 30), angle)
    flames = [((222, 60, 14), 0.24, 0.62), ((248, 130, 20), 0.18, 0.5), ((254, 206, 60), 0.11, 0.36)]
    for colour, half, high in flames:
        base = 0.84
        c.shape(
            [
                (0.5 - half, base),
                (0.5 - half * 1.05, base - high * 0.4),
                (0.5 - half * 0.5, base - high * 0.62),
                (0.5 - half * 0.3, base - high * 0.5),
                (0.5, base - high),
                (0.5 + half * 0.35, base - high * 0.6),
                (0.5 + half * 0.75, base - high * 0.75),
                (0.5 + half, base - high * 0.3),
                (0.5 + half, base),
            ],
            colour,
        )
    for _ in range(30):
        c.disc(c.draw.uniform(0.3, 0.7), c.draw.uniform(0.02, 0.5), 0.006, (250, 160, 60))
    return c.finished()


def fish() -> Picture:
    c = Canvas(1.6, (30, 130, 180), (10, 60, 110), 23)
    c.grain(6, fine=5)
    c.ellipse(0.46, 0.5, (0.36, 0.2), (246, 130, 30))
    c.shape([(0.66, 0.5), (0.86, 0.3), (0.82, 0.5), (0.86, 0.7)], (246, 120, 24))
    c.shape([(0.38, 0.34), (0.5, 0.16), (0.6, 0.36)], (236, 110, 20))
    for x, half in ((0.36, 0.17), (0.54, 0.16)):
        c.line([(x, 0.5 - half), (x - 0.02, 0.5), (x, 0.5 + half)], 0.07, (250, 250, 250))
    c.disc(0.28, 0.45, 0.035, (250, 250, 250))
    c.disc(0.275, 0.45, 0.02, (14, 14, 14))
    for x, y in ((0.14, 0.3), (0.12, 0.2), (0.16, 0.1)):
        cv2.circle(c.pixels, c.place(x, y), c.length(0.025), (190, 226, 240), c.length(0.008))
    return c.finished()


def train_tracks() -> Picture:
    c = Canvas(0.6, (150, 186, 216), (226, 234, 238), 24)
    c.box(0, 0.42, 1, 1, (96, 128, 62))
    c.shape([(0.48, 0.42), (0.52, 0.42), (1, 1), (0, 1)], (142, 132, 120))
    c.grain(14, top=0.44, fine=1)
    for step in np.linspace(0, 1, 18) ** 2:
        y, half = 0.44 + 0.56 * step, 0.02 + 0.42 * step
        c.box(0.5 - half, y, 0.5 + half, y + 0.006 + 0.02 * step, (92, 66, 44))
    for side in (-1, 1):
        c.shape(
            [
                (0.5 + side * 0.012, 0.42),
                (0.5 + side * 0.018, 0.42),
                (0.5 + side * 0.34, 1),
                (0.5 + side * 0.27, 1),
            ],
            (176, 178, 182),
        )
    return c.finished()


PICTURES: dict[str, tuple[Callable[[], Picture], str]] = {
    "car": (red_car, "a red car driving on a road"),
    "boat": (sailing_boat, "a sailing boat on the sea at sunset"),
    "mountains": (snowy_mountains, "snowy mountains under a blue sky"),
    "night": (starry_night, "the moon and stars in the night sky"),
    "meadow": (flower_meadow, "yellow flowers in a green meadow"),
    "football": (football, "a soccer ball on the grass"),
    "beach": (palm_beach, "a beach with a palm tree"),
    "city": (city_at_night, "city buildings with lights at night"),
    "rainbow": (rainbow, "a rainbow over green hills"),
    "bananas": (bananas, "yellow bananas on a white table"),
    "light": (traffic_light, "a red traffic light"),
    "zebra": (zebra, "a zebra standing in dry grass"),
    "sunflower": (sunflower, "a sunflower against the sky"),
    "bricks": (brick_wall, "a red brick wall"),
    "basketball": (basketball, "an orange basketball on a wooden floor"),
    "pizza": (pizza, "a pizza with cheese"),
    "piano": (piano_keys, "the black and white keys of a piano"),
    "tree": (christmas_tree, "a decorated christmas tree"),
    "house": (house, "a house with a red roof"),
    "balloon": (hot_air_balloon, "a hot air balloon in the sky"),
    "lighthouse": (lighthouse, "a lighthouse by the sea"),
    "fire": (campfire, "a fire burning at night"),
    "fish": (fish, "an orange fish under water"),
    "tracks": (train_tracks, "railway tracks leading away"),
}
"""By the file's name: what draws it, and its caption."""
