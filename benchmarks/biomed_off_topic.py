"""120 questions outside biomedicine, many of them in words that medicine has too ("cell", "treat", "shock").

Written at one go. No threshold of ``examples/biomed/answer/answering.py`` was chosen on it and no single miss was looked at; its total was,
twice, before the rule for questions outside medicine stood.
"""

from __future__ import annotations

from typing import Final

QUESTIONS: Final = """\
How do I treat wood against rot?
What is the voltage of a lithium cell?
Which operating system is best for an old laptop?
How do I reduce noise in a photograph?
What causes inflation to rise?
Is nuclear power cheaper than wind power?
How does a heat pump work in winter?
What is the best growth stock this year?
How do I repair a scratched phone screen?
Does fertiliser burn the roots of a lawn?
How are shock absorbers replaced on a bicycle?
What is the pressure inside a car tyre?
Who discovered the structure of the atom?
How do I train for a marathon in twelve weeks?
What is the theory of relativity about?
How does a virus scanner find malware on a computer?
Which bank has the lowest mortgage rate?
How long should bread dough rise?
What are the symptoms of a failing hard drive?
How do I diagnose a slow network?
Is it safe to mix two brands of engine oil?
Which countries border Switzerland?
What does the heart symbolise in medieval poetry?
How do bees make hexagonal cells?
How do I transplant a rose bush?
What is the population density of Tokyo?
How does encryption protect a message?
Who was the first woman in space?
Can a cracked window be repaired with resin?
What is the difference between a lake and a pond?
How do I get a stain out of a leather sofa?
Why is the sky blue?
Which film won the most awards in 2004?
How do I resolve a merge conflict in git?
What is the risk of investing in bonds?
How do you calculate compound interest?
How is steel made from iron ore?
What is the lifespan of a roof made of slate?
When was the printing press invented?
How do I set up a home server?
Which guitar strings last longest?
What was the cause of the First World War?
How does the stock market react to elections?
What is a healthy profit margin for a restaurant?
How do I write a good cover letter?
Are electric cars better for the climate?
How many bones does a chess set have?
What is the meaning of the word serendipity?
How do I plan a trip through Patagonia?
Which river is the longest in Europe?
How does a four-stroke engine work?
What is the acid test ratio in accounting?
How do I control weeds between paving stones?
Is remote work more productive than office work?
Who composed the Four Seasons?
What is the best exposure for the northern lights?
How are volcanoes monitored?
Does adding memory speed up a database?
How do I insulate a loft?
What is the capital gains tax in Portugal?
Which bird has the largest wingspan?
How do I prune an apple tree?
What is the history of the Silk Road?
How does a fuel injection system work?
Which library should I use for parsing XML in Python?
How do I change the blood pressure of a vampire in a role-playing game?
What is a bull market?
How does an aeroplane stay in the air?
How do I stop my door from squeaking?
What is the average temperature on Mars?
Why did the Roman Empire fall?
How do I choose a sleeping bag?
What are the side effects of a weak currency?
How does a court of appeal work?
What is the role of the speaker in parliament?
Which wood is best for a cutting board?
How do I remove rust from tools?
What is the trial period of a streaming service?
Was the trial of Socrates fair?
How does a compiler optimise loops?
What is the recovery time of a solid state drive?
How do I brew coffee in a moka pot?
Which language family does Basque belong to?
How high is the Eiffel Tower?
What is dark matter made of?
How do I knit a pair of socks?
Which city hosted the Olympic Games in 1992?
How do subsidies affect farmers?
Can a lease be ended early?
How do I clean a camera sensor?
What is the weight of a blue whale?
How are diamonds formed?
What is the best opening against the Sicilian?
How do I learn to play the piano as an adult?
What makes a song catchy?
How does a satellite keep its orbit?
Is bamboo flooring durable?
How do I file a patent?
What is the effect of tariffs on trade?
How does soil erosion affect rivers?
Which operas did Verdi write late in life?
How do I mount a television on a brick wall?
What is the boiling point of nitrogen?
How is paper recycled?
How do I make a budget for a family of four?
What do the stripes of a zebra do?
How does a lock-in amplifier work?
Which telescope is best for a beginner?
What is the plot of The Odyssey?
How do I translate a website into French?
How old is the Great Wall of China?
Does a longer runway make an airport safer?
How do I report a lost passport?
What is the strongest knot for climbing?
How do glaciers move?
How do I compress a video without losing quality?
What is the injection moulding process?
How do I split firewood?
Why do leaves change colour in autumn?
Which lens is best for portraits?"""


def questions() -> list[str]:
    """All of them, in order."""
    return QUESTIONS.splitlines()
