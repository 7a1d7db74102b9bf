"""An invented report as blocks, of which tests make a DOCX and an ODT; its gold is in fixtures/."""

from office_building import Block

REPORT: list[Block] = [
    ("title", "The Closed Ferries: Rights on the Lakes of Veldoria"),
    ("p", "Lakes Research"),
    ("p", "March 2023"),
    ("h1", "Summary"),
    ("p", ["In 2022 the government of Veldoria closed nine of the eleven ferries on the upper "
          "lakes.",
           ("note", "Decree of 3 May."), " Some 40,000 people lost their way to courts, "
          "schools and "
           "hospitals."]),
    ("p", "This report describes what followed. It rests on 112 interviews held in\u00a0Orrin, "
          "Dunmere and Norvik, and on the records of two courts."),
    ("h1", "Method"),
    ("p", ["Interviews lasted an hour on average. ", ("del", "Most were held by telephone. "),
           ("ins", "Most were held in private homes. "), "Nobody was paid."]),
    ("p", "Names were changed where people asked for it\u2014most did\u2014and dates were left "
          "out."),
    ("h1", "Findings"),
    ("h2", "Police and Courts"),
    ("p", [("b", "Arrests:"), " Police arrested 61 herders at the Dunmere bridge between June and "
           "August. They were held for up to nine days without a charge."]),
    ("p", [("b", "Physical Conditions"), ": Cells at the Dunmere station measured four square "
           "metres and held six men each, former detainees said."]),
    ("p", "A spokesman for the police said that the station “meets every norm”. He did not answer "
          "further questions."),
    ("p", "The law names three duties of an officer who makes an arrest:"),
    ("bullet", "to say why the person is arrested;"),
    ("bullet", "to let the person call a relative or a lawyer;"),
    ("bullet", "to bring the person before a judge within two days."),
    ("p", "None of the three was kept in the cases that we know of."),
    ("h3", "Trials without counsel"),
    ("p", "The court in Orrin tried 14 of the herders in one morning. A lawyer was there for two."),
    ("p", ["The judge later wrote to us that ", ("i", "the docket left no choice"), ". The "
          "letter is "
           "on our page at ", ("link", "https://lakes.example.org/the_docket"), "."]),
    ("h2", "The Press"),
    ("p", "The Lantern, a weekly, stopped printing in September. Its editor said that the printer "
          "had been warned\nby the prefect and that no other printer would take the order."),
    ("p", "Two reporters for self\u2011run pages were fined 900 crowns each under article 12 * "
          "of the "
          "press law for _unverified_ reports."),
    ("table", [["Town", "Ferries before", "Ferries after"],
               ["Orrin", "4", "1"],
               ["Norvik", "3", "The last ferry of Norvik runs on Sundays only."]]),
    ("p", [("hidden", "Check this with Agata. "), "A third reporter left the country in October."]),
    ("h2", "Work on the Quarry Road"),
    ("p", "Families that could not pay the road tax were told to work. We heard of three ways in "
          "which the prefect’s men made them:"),
    ("number", "They took livestock until a day’s work was done."),
    ("number", "They wrote down names at the church door."),
    ("number", "They refused papers for the market."),
    ("p", "Miners at the quarry were paid in vouchers. One, 58, said that he had not seen money "
          "since the spring."),
    ("p", [("b", "Children."), " We met eleven children under 14 on the road. The youngest was "
          "nine."]),
    ("h1", "Recommendations"),
    ("p", "To the Government of Veldoria: open the ferries without delay."),
    ("p", "To the prefect of the upper lakes: end work without pay on the quarry road, and pay "
          "what "
          "is owed."),
    ("p", "To the courts: hear the appeals of the 14 herders before the end of the year."),
]  # fmt: skip

#: The same report without a style: headings are bold, larger the further out they are.
_LOOKS = {"title": "bold20", "h1": "bold16", "h2": "bold14", "h3": "bold"}
BOLD_ONLY: list[Block] = [(_LOOKS.get(kind, kind), content) for kind, content in REPORT]
